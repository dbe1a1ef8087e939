{% macro tell(at, what) %}insert into main.told values ('{{ at }}', '{{ what }}'){% endmacro %}
