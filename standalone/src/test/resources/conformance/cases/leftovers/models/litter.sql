{{ config(materialized='table', post_hook=[
  'create table {{ this.schema }}.orders__dbt_tmp as select 1 as old',
  'create view {{ this.schema }}.orders__dbt_backup as select 1 as old',
  'create view {{ this.schema }}.names__dbt_tmp as select 1 as old',
]) }}
select 1 as id
