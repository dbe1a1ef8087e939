select * from range(10) t(id) {% if target.name == 'dev' %}limit 3{% endif %}
