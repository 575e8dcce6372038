namespace FuncChat.Engine.Models.Catalog;

/// <summary>Makes the port to a provider's models.</summary>
internal delegate IModel ProviderModelFactory(ProviderSettings provider);
