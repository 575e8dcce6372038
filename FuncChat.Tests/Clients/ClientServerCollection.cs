namespace FuncChat.Tests.Clients;

/// <summary>The tests of all clients share one server.</summary>
[CollectionDefinition(nameof(ClientServer))]
public sealed class ClientServerCollection : ICollectionFixture<ClientServer>;
