{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_clauses={'when_matched': [{'condition': 'DBT_INTERNAL_SOURCE.amount < 0', 'action': 'delete'}, {'action': 'update', 'mode': 'by_name'}], 'when_not_matched': [{'action': 'insert', 'mode': 'by_name'}]}) }}
{% if var('batch', 1) == 1 %}
select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)) t(id, name, amount)
{% else %}
select * from (values (1, 'A', -1), (2, 'B', 2), (9, 'n', 9)) t(id, name, amount)
{% endif %}
