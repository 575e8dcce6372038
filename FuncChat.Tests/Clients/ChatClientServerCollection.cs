namespace FuncChat.Tests.Clients;

/// <summary>The tests of all chat clients share one server.</summary>
[CollectionDefinition(nameof(ChatClientServer))]
public sealed class ChatClientServerCollection : ICollectionFixture<ChatClientServer>;
