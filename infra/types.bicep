metadata description = 'The parameters of main.bicep, by topic.'

@export()
@description('How far the function app scales, and what always runs.')
type Scale = {
  @description('Memory of one instance, in MB.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('The maximum number of instances. On a private network the subnet of the app must have an address for each.')
  @minValue(40)
  @maxValue(1000)
  maximumInstances: int

  @description('Requests, each a stream, that one instance serves before another one starts.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances that are always ready for requests, so that no request waits for a start.')
  @minValue(0)
  alwaysReadyHttp: int

  @description('Instances that are always ready for long tool runs.')
  @minValue(0)
  alwaysReadyDurable: int

  @description('Spreads the instances over three availability zones. The platform then keeps at least two of each kind that is always ready.')
  zoneRedundant: bool
}

@export()
@description('Where state is kept.')
type State = {
  @description('Replication of stored data: within one data center (LRS) or over three zones (ZRS). A deployment can\'t change it.')
  redundancy: 'Standard_LRS' | 'Standard_ZRS'

  @description('Days after which stored turns are deleted if the app has not deleted them.')
  @minValue(1)
  turnDays: int

  @description('Where Durable Functions keeps long tool runs: the storage account, or Durable Task Scheduler. It must be what host.json names.')
  durableBackend: 'azureStorage' | 'azureManaged'

  @description('Days that a deleted vault, or a deleted secret, is kept. A vault never changes it.')
  @minValue(7)
  @maxValue(90)
  vaultDays: int

  @description('Purge protection: no one can shorten these days, and a vault keeps the protection.')
  protectVault: bool
}

@export()
@description('Who reaches what.')
type Network = {
  @description('Puts storage, vault and model behind private endpoints, on a network of the app. The API itself stays public.')
  isPrivate: bool

  @description('Addresses of that network, at least a /24.')
  addresses: string

  @description('Resource id of an existing subnet that the app sends from; empty to create a network. Set both subnets or none.')
  appSubnetId: string

  @description('Resource id of an existing subnet for the private endpoints; empty to create a network.')
  endpointSubnetId: string

  @description('Resource id of the resource group with existing private DNS zones, as in a hub; empty to create zones.')
  dnsZonesGroupId: string

  @description('Address ranges that may call the API, such as 203.0.113.0/24; an empty list lets everyone call it.')
  allowedCallers: string[]

  @description('Origins other than the page\'s that may call the API, such as https://chat.example.com.')
  otherOrigins: string[]

  @description('A domain of your own that the page calls the API at, such as api.example.com, once it is bound to the function app; empty for none.')
  apiDomain: string
}

@export()
@description('Logs, alerts and budget.')
type Monitoring = {
  @description('Days that logs are kept.')
  @minValue(30)
  @maxValue(730)
  logDays: int

  @description('Gigabytes of logs per day, after which further logs are dropped until the next day; -1 for no limit.')
  logDailyGigabytes: int

  @description('Sets up the availability test and the alerts.')
  alerts: bool

  @description('Recipient of alerts by email. Empty: alerts appear in the portal only.')
  alertEmail: string

  @description('Number of 5xx responses within 15 minutes that causes no alert.')
  @minValue(0)
  toleratedFailures: int

  @description('Seconds to the first token of a model. An alert fires if more than one call in twenty takes longer within 15 minutes.')
  @minValue(1)
  slowFirstTokenSeconds: int

  @description('Monthly budget of the resource group in the currency of the subscription, of which 80 % and the forecast of 100 % send an email to the recipient of alerts; 0 for none.')
  @minValue(0)
  monthlyBudget: int

  @description('First day of the month from which the budget counts, as yyyy-MM-01; required with a budget, and never changed.')
  budgetStart: string

  @description('Resource id of an existing Log Analytics workspace; empty to create one.')
  workspaceId: string
}

@export()
@description('The Static Web App.')
type Page = {
  @description('Region of its files, which are served worldwide.')
  location: 'centralus' | 'eastasia' | 'eastus2' | 'westeurope' | 'westus2'

  @description('Its plan: Free, or Standard for a service level.')
  plan: 'Free' | 'Standard'

  @description('A domain of your own, such as chat.example.com, whose CNAME record names the Static Web App; empty for none.')
  domain: string
}

@export()
@description('An Azure OpenAI account: one that is deployed with the app, or an existing one.')
type AzureOpenAi = {
  @description('The model; empty for no account. For an existing account the names of its deployments, separated by commas.')
  model: string

  @description('Resource id of an existing Azure OpenAI or Foundry account; empty to deploy one.')
  accountId: string

  @description('Version of the model; empty for the default one.')
  version: string

  @description('Where it runs: anywhere, in the EU or the USA, or in the region.')
  type: 'GlobalStandard' | 'DataZoneStandard' | 'Standard'

  @description('Thousands of tokens per minute.')
  @minValue(1)
  capacity: int
}

@export()
@sealed()
@description('Names of resources. One that is left out is derived from the environment\'s.')
type Names = {
  @description('Function app. Its address is https://<name>.azurewebsites.net.')
  functionApp: string?

  @description('Plan of the function app.')
  plan: string?

  @description('Storage account: 3 to 24 lowercase letters and digits.')
  storage: string?

  @description('Key Vault.')
  vault: string?

  @description('Identity of the app.')
  identity: string?

  @description('Static Web App.')
  page: string?

  @description('Log Analytics workspace.')
  workspace: string?

  @description('Application Insights.')
  appInsights: string?

  @description('Virtual network.')
  network: string?

  @description('Azure OpenAI account.')
  openAi: string?

  @description('Durable Task Scheduler.')
  scheduler: string?
}
