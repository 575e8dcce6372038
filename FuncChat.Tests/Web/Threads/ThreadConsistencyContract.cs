using System.Net;
using System.Text.Json;
using FuncChat.Engine.Threads;
using FuncChat.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FuncChat.Tests.Web.Threads;

/// <summary>
/// What requests leave of a thread when they meet each other, and when the server is killed between any two of their writes. The tests of each store derive from
/// this.
/// </summary>
public abstract class ThreadConsistencyContract : IAsyncLifetime
{
    private const int MostWrites = 60;

    private static readonly string[] All = ["chat", "import", "delete turn", "delete first turn", "delete thread", "share", "stop sharing", "rename"];

    private readonly TemporaryFolder _folder = new();
    private readonly CrashPoint _crash = new();
    private ThreadServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ThreadServer.StartAsync(builder => AddStores(builder.Services, _folder.Path, _crash), _folder.Path, ("FuncChat:Limits:RequestsPerMinute", "0"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>How often each pair of requests meets.</summary>
    private protected virtual int Rounds => 2;

    /// <summary>Whether the lease of a killed process outlives it, so that its turns continue some seconds later.</summary>
    private protected virtual bool LeasesOutliveProcess => false;

    /// <summary>Adds the stores, which stop working at the point.</summary>
    private protected abstract void AddStores(IServiceCollection services, string folder, CrashPoint crash);

    /// <summary>What is left in the stores of the threads and their turns.</summary>
    private protected abstract Task<IEnumerable<string>> LeftAsync(string folder);

    /// <summary>The requests that change a thread with the turns `…-1` and `…-2`.</summary>
    public static TheoryData<string> Changes => [.. All];

    /// <summary>All pairs of them, and of those that read.</summary>
    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var (place, first) in All.Index())
            {
                foreach (var second in All.Skip(place).Concat(["list", "export"]))
                    pairs.Add(first, second);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public Task Change_that_is_killed_after_any_of_its_writes_is_completed_by_the_same_request_again(string change) =>
        KillAfterEachWriteAsync(change, async (thread, what) =>
        {
            var again = await SendAsync(change, thread);
            Assert.True((int)again < 500 && again != HttpStatusCode.Conflict, $"{what}: {again}");
        });

    [Theory]
    [MemberData(nameof(Changes))]
    public Task Change_that_is_killed_after_any_of_its_writes_leaves_nothing_that_outlives_the_thread(string change) =>
        KillAfterEachWriteAsync(change, (_, _) => Task.CompletedTask);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Requests_that_meet_leave_a_thread_that_is_whole(string first, string second)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var thread = await CreateAsync(first == "stop sharing" ? first : second, round);

            var statuses = await Task.WhenAll(SendAsync(first, thread), SendAsync(second, thread));

            Assert.All(statuses, status => Assert.True((int)status < 500, $"{first} and {second}: {status}"));
            await AssertConsistentAsync(thread, $"{first} and {second}");
        }

        await AssertNothingIsLeftAsync();
    }

    // Kills the change before its first write, then after one write, after two, and so on until it ends first.
    private async Task KillAfterEachWriteAsync(string change, Func<string, string, Task> then)
    {
        if (change == "chat" && LeasesOutliveProcess)
            return;
        var isKilled = true;
        for (var writes = 0; isKilled; writes++)
        {
            Assert.InRange(writes, 0, MostWrites);
            var thread = await CreateAsync(change, writes);
            _crash.Set(writes);
            await SendAsync(change, thread);
            isKilled = _crash.IsReached;
            _crash.Clear();

            await then(thread, $"{change}, {writes} writes");
            await AssertConsistentAsync(thread, $"{change}, {writes} writes");
        }

        await AssertNothingIsLeftAsync();
    }

    // A thread whose second turn follows the first one.
    private async Task<string> CreateAsync(string change, int number)
    {
        var thread = $"thread-{change.Replace(' ', '-')}-{number}";
        using var created = await _server.SendAsync(HttpMethod.Post, "api/threads", $$"""{"thread_id":"{{thread}}"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        for (var turn = 1; turn <= 2; turn++)
            Assert.Equal(HttpStatusCode.NoContent, await ImportAsync(thread, turn, turn == 1 ? "root" : $"{thread}-1"));
        if (change == "stop sharing")
            Assert.Equal(HttpStatusCode.Created, await SendAsync("share", thread));
        return thread;
    }

    private async Task<HttpStatusCode> SendAsync(string change, string thread)
    {
        var path = $"api/threads/{thread}";
        switch (change)
        {
            case "chat":
                _server.Model.Says("Yes.");
                return await StatusOfAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("Q", $"{thread}-3", thread: thread));
            case "import":
                return await ImportAsync(thread, 4, $"{thread}-2");
            case "list":
                return await ListAsync(thread);
            default:
                return await (change switch
                {
                    "delete turn" => StatusOfAsync(HttpMethod.Delete, $"{path}/turns/{thread}-2"),
                    "delete first turn" => StatusOfAsync(HttpMethod.Delete, $"{path}/turns/{thread}-1"),
                    "delete thread" => StatusOfAsync(HttpMethod.Delete, path),
                    "share" => StatusOfAsync(HttpMethod.Post, $"{path}/share", "{}"),
                    "stop sharing" => StatusOfAsync(HttpMethod.Delete, $"{path}/share"),
                    "rename" => StatusOfAsync(HttpMethod.Patch, path, """{"title":"Renamed"}"""),
                    _ => StatusOfAsync(HttpMethod.Get, $"{path}/export"),
                });
        }
    }

    private Task<HttpStatusCode> ImportAsync(string thread, int turn, string parent) => StatusOfAsync(
        HttpMethod.Put, $"api/threads/{thread}/turns/{thread}-{turn}",
        $$$$"""
        {"messages":[{"role":"user","content":"Q"}],"parent_turn_id":"{{{{parent}}}}","events":[{"id":1,"type":"complete","data":{"status":"success",
        "messages":[{"role":"assistant","content":"ok"}],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}}]}
        """);

    private async Task<HttpStatusCode> StatusOfAsync(HttpMethod method, string path, string? body = null)
    {
        try
        {
            using var response = await _server.SendAsync(method, path, body);
            await response.Content.ReadAsByteArrayAsync();
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.Gone; // The export was cut: the client sees that it is not whole.
        }
    }

    private async Task<HttpStatusCode> ListAsync(string thread)
    {
        using var response = await _server.Ada.GetAsync($"api/threads/{thread}/turns");
        if (response.StatusCode == HttpStatusCode.OK)
        {
            var turns = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("turns").EnumerateArray();
            Assert.All(turns, turn => Assert.NotEmpty(turn.GetProperty("messages").EnumerateArray()));
        }

        return response.StatusCode;
    }

    // Every turn of the thread has its messages, its link shows it, and it can be deleted with everything that belongs to it.
    private async Task AssertConsistentAsync(string thread, string what)
    {
        var status = await ListAsync(thread);
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{what}: {status}");
        if (status == HttpStatusCode.OK)
        {
            var ids = (await _server.GetAsync($"api/threads/{thread}")).GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("turn_id").GetString()).ToHashSet();
            Assert.All(ids.Where(id => !id!.EndsWith("-1", StringComparison.Ordinal)), id => Assert.True(ids.Count > 1 || id!.EndsWith("-3", StringComparison.Ordinal), what));
        }

        // Also a thread that is not found may have to be deleted to the end.
        var deleted = await StatusOfAsync(HttpMethod.Delete, $"api/threads/{thread}");
        Assert.True(deleted is HttpStatusCode.NoContent or HttpStatusCode.NotFound, $"{what}: {deleted}");
        Assert.Equal(HttpStatusCode.NotFound, await ListAsync(thread));
    }

    // What is not needed any more is removed by the upkeep at the latest.
    private async Task AssertNothingIsLeftAsync()
    {
        await ActivatorUtilities.CreateInstance<ThreadUpkeep>(_server.Services).RemoveExpiredAsync(CancellationToken.None);
        Assert.Empty(await LeftAsync(_folder.Path));
    }
}
