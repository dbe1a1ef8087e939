{{ config(materialized='table_function', parameters=['n', 'step']) }}
select i * step as v from range(n) t(i)
