{{ config(materialized='incremental', unique_key='id', predicates=['amount > 15', 'amount < 25'], incremental_predicates=['false']) }}
{% if var('batch', 1) == 1 %}
select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)) t(id, name, amount)
{% else %}
select * from (values (1, 'A', 1), (2, 'B', 2), (3, 'C', 3)) t(id, name, amount)
{% endif %}
