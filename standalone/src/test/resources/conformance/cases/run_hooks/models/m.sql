{{ config(materialized='table', pre_hook=before_begin("insert into main.told values ('before', '{{ this.schema }}')")) }}
select 1 as id
