metadata description = 'Alerts for an unreachable app, failed requests and long tool runs, and slow models.'

@description('Start of the names of test, group and alerts.')
param prefix string

@description('Region of test and alerts.')
param location string

@description('Tags of test, group and alerts.')
param tags object

@description('Resource id of the Application Insights component.')
param componentId string

@description('Resource id of the workspace that the component writes to.')
param workspaceId string

@description('Address of the API, without a slash at the end.')
param apiUrl string

@description('Alert email recipient; empty: alerts are shown in the portal only.')
param email string

@description('Tolerated 5xx responses within 15 minutes.')
@minValue(0)
param toleratedFailures int

@description('Seconds to the first piece of a model\'s answer that one call in twenty may take longer than.')
@minValue(1)
param slowFirstTokenSeconds int

var places = ['emea-nl-ams-azr', 'us-va-ash-azr', 'apac-sg-sin-azr', 'us-ca-sjc-azr', 'emea-gb-db3-azr']
var tellGroup = empty(email) ? [] : [group.id]

// Of a workspace that other apps write to as well, only the rows of this app.
var ofAllApps = 'let component = "";'
var ofThisApp = 'let component = "${componentId}";'

var queries = [
  {
    name: 'failed-requests'
    display: 'Requests fail with 5xx'
    query: loadTextContent('../queries/failed-requests.kql')
    measure: 'requests'
    aggregation: 'Total'
    window: 'PT15M'
    threshold: toleratedFailures
    severity: 1
  }
  {
    name: 'failed-orchestrations'
    display: 'Long tool runs fail'
    query: loadTextContent('../queries/failed-orchestrations.kql')
    measure: 'failures'
    aggregation: 'Total'
    window: 'PT1H'
    threshold: 0
    severity: 2
  }
  {
    name: 'first-token'
    display: 'A model begins its answers late'
    // Of a few calls, the slowest says nothing.
    query: '${loadTextContent('../queries/first-token.kql')}| where calls >= 20'
    measure: 'p95_seconds'
    aggregation: 'Maximum'
    window: 'PT15M'
    threshold: slowFirstTokenSeconds
    severity: 2
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: prefix
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'funcchat'
    emailReceivers: [{ name: 'operator', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${prefix}-health'
  location: location
  // The portal finds by this tag which component a test belongs to.
  tags: union(tags, { 'hidden-link:${componentId}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: '${prefix}-health'
    SyntheticMonitorId: '${prefix}-health'
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [for place in places: { Id: place }]
    Request: { HttpVerb: 'GET', RequestUrl: '${apiUrl}/api/health', FollowRedirects: false, ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource unavailable 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-unavailable'
  location: 'global'
  tags: tags
  properties: {
    description: 'Two places or more can\'t reach /api/health.'
    enabled: true
    severity: 1
    scopes: [test.id, componentId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: componentId
      failedLocationCount: 2
    }
    actions: [for id in tellGroup: { actionGroupId: id }]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in queries: {
    name: '${prefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.display
      enabled: true
      severity: rule.severity
      scopes: [workspaceId]
      evaluationFrequency: 'PT15M'
      windowSize: rule.window
      autoMitigate: true
      // Tables come into being with the first row that they are sent.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: replace(rule.query, ofAllApps, ofThisApp)
            metricMeasureColumn: rule.measure
            timeAggregation: rule.aggregation
            operator: 'GreaterThan'
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: tellGroup }
    }
  }
]
