{{ ashby.stage('jobs', {
    'job_id': ['string', 'id'],
    'title': ['string', 'title'],
    'status': ['string', 'status'],
    'department_id': ['string', 'departmentId'],
    'location_id': ['string', 'locationId'],
    'employment_type': ['string', 'employmentType'],
    'opened_at': ['timestamp', 'openedAt'],
    'closed_at': ['timestamp', 'closedAt'],
    'created_at': ['timestamp', 'createdAt']
}) }}
