{{ ashby.stage('offer_details', {
    'offer_id': ['string', 'id'],
    'versions': ['json', 'versions']
}) }}
