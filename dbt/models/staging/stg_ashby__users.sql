{{ ashby.stage('users', {
    'user_id': ['string', 'id'],
    'first_name': ['string', 'firstName'],
    'last_name': ['string', 'lastName'],
    'is_enabled': ['boolean', 'isEnabled']
}) }}
