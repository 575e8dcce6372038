metadata description = 'The dashboard: a workbook that shows the queries of infra/queries over a span that its reader picks.'

@description('Title of the workbook in the portal.')
param title string

@description('Region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags object

@description('Resource id of the workspace that is asked.')
param workspaceId string

@description('Resource id of the Application Insights component, whose rows are shown.')
param componentId string

var panels = [
  { title: 'Availability, % by place', view: 'linechart', query: loadTextContent('../queries/availability.kql') }
  { title: 'Requests by route', view: 'table', query: loadTextContent('../queries/requests.kql') }
  { title: 'Failed requests', view: 'table', query: loadTextContent('../queries/failed-requests.kql') }
  { title: 'Failed long tool runs', view: 'table', query: loadTextContent('../queries/failed-orchestrations.kql') }
  { title: 'Seconds to the first token, by model', view: 'table', query: loadTextContent('../queries/first-token.kql') }
  { title: 'Calls to other services', view: 'table', query: loadTextContent('../queries/dependencies.kql') }
  { title: 'Exceptions', view: 'table', query: loadTextContent('../queries/exceptions.kql') }
  { title: 'Logs taken, MB by table', view: 'table', query: loadTextContent('../queries/ingested.kql') }
]

var span = {
  type: 9
  name: 'span'
  content: {
    version: 'KqlParameterItem/1.0'
    style: 'pills'
    parameters: [
      {
        version: 'KqlParameterItem/1.0'
        name: 'Span'
        type: 4
        isRequired: true
        value: { durationMs: 86400000 }
        typeSettings: {
          selectableValues: [{ durationMs: 3600000 }, { durationMs: 86400000 }, { durationMs: 604800000 }, { durationMs: 2592000000 }]
        }
      }
    ]
  }
}

var items = map(panels, panel => {
  type: 3
  name: panel.title
  content: {
    version: 'KqlItem/1.0'
    title: panel.title
    query: replace(panel.query, 'let component = "";', 'let component = "${componentId}";')
    size: 0
    queryType: 0
    resourceType: 'microsoft.operationalinsights/workspaces'
    timeContextFromParameter: 'Span'
    visualization: panel.view
  }
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, title)
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: title
    category: 'workbook'
    sourceId: workspaceId
    version: '1.0'
    serializedData: string({ version: 'Notebook/1.0', items: concat([span], items), fallbackResourceIds: [workspaceId] })
  }
}
