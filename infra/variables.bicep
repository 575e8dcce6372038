metadata description = 'How main.bicepparam reads the values of `azd env set`. A blank one counts as not set, as everywhere in FuncChat.'

@export()
@description('The value without the spaces around it, or the other one if it is blank.')
func or(value string, fallback string) string => empty(trim(value)) ? fallback : trim(value)

@export()
@description('The entries of a list that is separated by commas.')
func list(value string) string[] => filter(map(split(value, ','), entry => trim(entry)), entry => !empty(entry))
