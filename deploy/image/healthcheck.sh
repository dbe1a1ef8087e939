#!/usr/bin/env bash
# Healthy: the service is live. Whether Kafka, lake, warehouse and project are usable is for /actuator/health to say;
# a restart would not mend them. Bash alone, since a JRE image need not have curl.
exec 3<>"/dev/tcp/127.0.0.1/${MANAGEMENT_SERVER_PORT:-8081}" || exit 1
printf 'GET /actuator/health/liveness HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
grep -q '"status":"UP"' <&3
