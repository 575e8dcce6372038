using Azure.Data.Tables;
using FuncChat.Azure.Usage;
using FuncChat.Engine.Usage;
using FuncChat.Tests.Engine.Usage;

namespace FuncChat.Tests.Azure.Usage;

[Collection(AzuriteTests.Name)]
public sealed class TableUsageStoreTests(AzuriteServer azurite) : UsageStoreContract
{
    private readonly string _table = $"test{Guid.NewGuid():N}";

    protected override IUsageStore Open() => new TableUsageStore(new TableClient(azurite.ConnectionString, _table));
}
