metadata description = 'What main.bicep is told, part by part.'

@export()
@description('How much the function app may run, and what always runs.')
type Scale = {
  @description('Memory of one instance, in MB.')
  instanceMemoryMB: 512 | 2048 | 4096

  @description('The most instances that run at a time.')
  @minValue(40)
  @maxValue(1000)
  maximumInstances: int

  @description('Requests, each a stream, that one instance serves at a time before another is started.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances that always wait for requests, so that nobody waits for a start.')
  @minValue(0)
  alwaysReadyHttp: int

  @description('Instances that always wait for long tool runs.')
  @minValue(0)
  alwaysReadyDurable: int
}

@export()
@description('Where state is kept.')
type State = {
  @description('How stored data is copied: within one building (LRS), or over three zones (ZRS).')
  redundancy: 'Standard_LRS' | 'Standard_ZRS'

  @description('Days after which what turns left behind is deleted, should the app not have done so.')
  @minValue(1)
  turnDays: int

  @description('Where Durable Functions keeps long tool runs: the storage account, or Durable Task Scheduler. It must be what host.json names.')
  durableBackend: 'azureStorage' | 'azureManaged'
}

@export()
@description('Who reaches what.')
type Network = {
  @description('Puts storage, vault and model behind private endpoints, on a network of the app\'s own. The API itself stays public.')
  isPrivate: bool

  @description('Addresses of that network, at least a /24.')
  addresses: string

  @description('Address ranges that may call the API, such as 203.0.113.0/24; none at all means that everybody may.')
  allowedCallers: string[]

  @description('Origins beside the page\'s own that may call the API, such as https://chat.example.com.')
  otherOrigins: string[]
}

@export()
@description('What is logged, and who is told.')
type Monitoring = {
  @description('Days that logs are kept.')
  @minValue(30)
  @maxValue(730)
  logDays: int

  @description('Gigabytes of logs taken a day, after which no more are taken until the next; -1 for no limit.')
  logDailyGigabytes: int

  @description('Sets up the availability test and the alerts.')
  alerts: bool

  @description('Who is told of alerts, by mail; empty for nobody: they are then seen in the portal only.')
  alertEmail: string

  @description('5xx answers within a quarter of an hour that no alert is made of.')
  @minValue(0)
  toleratedFailures: int

  @description('Seconds to the first piece of a model\'s answer; an alert is made where, within a quarter of an hour, one call in twenty takes longer.')
  @minValue(1)
  slowFirstTokenSeconds: int
}

@export()
@description('The Static Web App.')
type Page = {
  @description('Region that holds its files; they are served from everywhere.')
  location: 'centralus' | 'eastasia' | 'eastus2' | 'westeurope' | 'westus2'

  @description('Its plan: Free, or Standard for a service level.')
  plan: 'Free' | 'Standard'
}

@export()
@description('An Azure OpenAI account that is deployed with the app.')
type AzureOpenAi = {
  @description('The model; empty for no account at all.')
  model: string

  @description('Version of the model; empty for the default one.')
  version: string

  @description('Where it runs: anywhere, in the EU or the USA, or in the region.')
  type: 'GlobalStandard' | 'DataZoneStandard' | 'Standard'

  @description('Thousands of tokens that it takes a minute.')
  @minValue(1)
  capacity: int
}
