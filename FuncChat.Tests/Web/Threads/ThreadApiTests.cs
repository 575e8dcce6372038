using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Tests of `/api/threads`, over HTTP.</summary>
public abstract class ThreadApiTests : IAsyncLifetime
{
    private protected const string Thread = "api/threads/thread-0001";

    private protected ThreadServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ThreadServer.StartAsync();
        Server.Model.Otherwise(_ => [FakeModel.Text("Hello."), FakeModel.Finish(), FakeModel.Usage(10, 5)]);
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    private protected static string Turn(string? parent = null) =>
        $$$"""{{{{(parent is null ? "" : $"\"parent_turn_id\":\"{parent}\",")}}}"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hello \"you\""}],"events":[{"id":1,"type":"delta","data":{"content":"Hi 😀."}},{"id":2,"type":"error","data":{"error":"Stopped","code":"CANCELLED","retryable":false}}]}""";

    private protected static IEnumerable<string?> TitlesOf(JsonElement list) => list.GetProperty("threads").EnumerateArray().Select(thread => thread.GetProperty("title").GetString());

    private protected List<string> Files() =>
    [
        .. Directory.EnumerateFiles(Server.DataPath, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Server.DataPath, file).Replace('\\', '/'))
            .Where(file => !file.Contains(".locks/", StringComparison.Ordinal) && !file.Contains("/.", StringComparison.Ordinal)
                && !file.StartsWith("usage/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];
}
