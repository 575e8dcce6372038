metadata description = 'The identity that the function app acts as. Each module gives it, on its own resource, the roles that the app needs there.'

@description('Name of the identity.')
param name string

@description('Region of the identity.')
param location string

@description('Tags of the identity.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id

@description('Client id of the identity, by which an app picks it.')
output clientId string = identity.properties.clientId

@description('Object id of the identity, to which roles are given.')
output principalId string = identity.properties.principalId
