"""The control room: enrolment and facts, holds, what is set aside, the trail, the backlog, health."""
