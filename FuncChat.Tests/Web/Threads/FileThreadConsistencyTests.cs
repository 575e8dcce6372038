using FuncChat.Engine.Store;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

public sealed class FileThreadConsistencyTests : ThreadConsistencyContract
{
    private static readonly string[] Names = [".log", ".signals", "content_", "share_", "thread.json"];

    private protected override void AddStores(IServiceCollection services, string folder, CrashPoint crash)
    {
        var turns = new FileTurnStore(folder);
        services.AddSingleton(CrashingStore.Around<ITurnStore>(turns, crash)).AddSingleton(CrashingStore.Around<ITurnLeases>(turns, crash))
            .AddSingleton(CrashingStore.Around<ITurnRetention>(turns, crash)).AddSingleton(CrashingStore.Around<IThreadStore>(new FileThreadStore(folder), crash));
    }

    private protected override Task<IEnumerable<string>> LeftAsync(string folder) => Task.FromResult(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
            .Where(file => Names.Any(name => file.Contains(name, StringComparison.Ordinal))));
}
