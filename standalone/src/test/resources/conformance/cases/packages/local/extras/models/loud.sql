select upper(greeting) as greeting, n from {{ ref('greets') }}, {{ ref('numbers') }}
