{{ config(materialized='table') }}
select 1 as i, 1.50::decimal(4,2) as d, 2.5::double as f, date '2024-01-31' as day, timestamp '2024-01-31 10:00:00' as ts, true as b, 'x' as s, null::varchar as n, [1, 2] as l
union all select 2, 2.25, 1.0, date '2024-02-01', timestamp '2024-02-01 00:00:00.5', false, '', null, []
