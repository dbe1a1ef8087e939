{{ config(materialized='table') }}
select {{ tools.plain() }} as plain, {{ tools.special() }} as special, {{ tools.patched() }} as patched,
       {{ tools.mine() }} as mine, {{ tools.calls_inner() }} as calls_inner, {{ inner() }} as inner_of_shop,
       {{ tools.surrogate_key(['1', "null::varchar", "'x'"]) }} as key
