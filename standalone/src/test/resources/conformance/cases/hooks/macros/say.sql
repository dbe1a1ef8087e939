{% macro say(what) %}insert into log (what) values ('{{ what }}'){% endmacro %}
