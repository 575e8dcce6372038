namespace FuncChat.Tests.Azure.Outages;

/// <summary>Outages wait most of the time: with an Azurite of their own, they run next to the other tests.</summary>
[CollectionDefinition(Name)]
public sealed class OutageTests : ICollectionFixture<AzuriteServer>
{
    public const string Name = "Outages";
}
