select 'shop' as of
