{{ config(materialized=var('kind')) }}
select '{{ var("kind") }}' as kind
