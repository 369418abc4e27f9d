{{ ashby.stage('departments', {
    'department_id': ['string', 'id'],
    'name': ['string', 'name'],
    'parent_id': ['string', 'parentId']
}) }}
