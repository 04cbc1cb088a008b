"""Pages that are lost, looked for in archives; and pages that are handed to one."""
