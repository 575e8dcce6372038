metadata description = 'The Static Web App that serves the page. It calls the function app directly, since its own /api would cut streams at 45 s.'

@description('Name of the Static Web App.')
param name string

@description('Region of its files, which are served worldwide.')
param location string

@description('Tags of the Static Web App.')
param tags object

@description('Its plan: Free, or Standard for a service level and custom certificates for its domains.')
@allowed(['Free', 'Standard'])
param plan string

@description('A domain of your own whose CNAME record names the Static Web App; empty for none.')
param domain string

resource page 'Microsoft.Web/staticSites@2025-03-01' = {
  name: name
  location: location
  // By this tag azd finds the target of the service `web` of azure.yaml.
  tags: union(tags, { 'azd-service-name': 'web' })
  sku: { name: plan, tier: plan }
  properties: {
    // The page of a pull request must not be able to sign in as this one.
    stagingEnvironmentPolicy: 'Disabled'
    allowConfigFileUpdates: true
  }

  // Free of charge, with a certificate of the platform.
  resource ownDomain 'customDomains' = if (!empty(domain)) {
    name: empty(domain) ? 'none' : domain
    properties: { validationMethod: 'cname-delegation' }
  }
}

@description('Name of the Static Web App.')
output name string = page.name

@description('Address of the page, which is also its origin in CORS.')
output url string = 'https://${page.properties.defaultHostname}'
