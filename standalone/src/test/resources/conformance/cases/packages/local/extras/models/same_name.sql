select 'extras' as of
