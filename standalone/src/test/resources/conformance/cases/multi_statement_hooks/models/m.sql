{{ config(materialized='table', pre_hook=["", "{% if false %}select 1{% endif %}", "create or replace table main.pre as select 1 as a; insert into main.pre values (2)"]) }}
select * from {{ ref('s') }}, main.pre
