select sum(id) as total, max(name) as last, date '2024-01-02' as day, 1.25::decimal(5, 2) as price, null as nothing from {{ ref('m') }}
