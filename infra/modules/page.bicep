metadata description = 'The Static Web App that serves the page. It calls the function app directly, since its own /api would cut streams at 45 s.'

@description('Name of the Static Web App.')
param name string

@description('Region that holds the files; they are served from everywhere.')
param location string

@description('Tags of the Static Web App.')
param tags object

@description('Its plan: Free, or Standard for a service level and own domains with certificates of one\'s own.')
@allowed(['Free', 'Standard'])
param plan string

resource page 'Microsoft.Web/staticSites@2025-03-01' = {
  name: name
  location: location
  // azd finds by this tag where the service `web` of azure.yaml goes.
  tags: union(tags, { 'azd-service-name': 'web' })
  sku: { name: plan, tier: plan }
  properties: {
    // Another pull request's page must not be able to sign in as this one.
    stagingEnvironmentPolicy: 'Disabled'
    allowConfigFileUpdates: true
  }
}

@description('Address of the page, which is its origin in CORS as well.')
output url string = 'https://${page.properties.defaultHostname}'
