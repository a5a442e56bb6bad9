"""`make rehearsal`: every command of docs/publishing/, run in a temporary folder, from the first release to the end."""
