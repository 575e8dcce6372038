metadata description = 'A monthly budget of the resource group, which sends an email before it is spent. It stops nothing.'

@description('Name of the budget.')
param name string

@description('Amount per month, in the currency of the subscription.')
param amount int

@description('First day of the month from which it counts, as yyyy-MM-01.')
param startDate string

@description('Recipient of the emails; empty for the owners of the subscription.')
param email string

var recipients = empty(email) ? { contactRoles: ['Owner'], contactEmails: [] } : { contactRoles: [], contactEmails: [email] }

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: startDate }
    notifications: {
      spent: union({ enabled: true, operator: 'GreaterThan', threshold: 80, thresholdType: 'Actual' }, recipients)
      forecast: union({ enabled: true, operator: 'GreaterThan', threshold: 100, thresholdType: 'Forecasted' }, recipients)
    }
  }
}
