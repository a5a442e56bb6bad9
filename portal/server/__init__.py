"""What answers a request: snapshot, selection, response cache, routes, security headers, error pages, metrics."""
