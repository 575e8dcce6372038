using FuncChat.Engine.Usage;
using FuncChat.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace FuncChat.Tests.Engine.Usage;

public sealed class FileUsageCounterTests : UsageCounterContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SharedUsageCounter _counter;

    public FileUsageCounterTests() => _counter = UsageBench.CounterOf(new FileUsageStore(_folder.Path, NullLogger<FileUsageStore>.Instance), Time);

    private protected override IUsageCounter Counter => _counter;

    public void Dispose()
    {
        _counter.Dispose();
        _folder.Dispose();
    }
}
