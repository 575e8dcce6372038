using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.Threads;

namespace FuncChat.Tests.Web.Formats;

/// <summary>The routes of stored responses and of turns that wait for an approval, where a field of an event is another one.</summary>
public sealed class DamagedResponseTests : IAsyncLifetime
{
    private const string Data = "\ndata: ";

    private ThreadServer Server { get; set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ThreadServer.StartAsync(settings: [("FuncChat:Limits:RequestsPerMinute", "0"), ("FuncChat:Limits:ToolRunsPerDay", "0"), ("FuncChat:Approvals:Always", GatedTools.Echo)]);
        Server.Tools.Go.Set();
        Server.Model.Otherwise(_ => [FakeModel.Text("ok"), FakeModel.Finish(), FakeModel.Usage(1, 1)]);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task Damaged_response_is_an_error_that_is_not_worth_a_retry_and_can_be_deleted()
    {
        using var created = await Server.SendAsync(HttpMethod.Post, "api/v1/responses", """{"model":"fake:model","input":"Hello","instructions":"Be kind."}""");
        var id = JsonElement.Parse(await created.Content.ReadAsStringAsync()).GetProperty("id").GetString();
        var route = $"api/v1/responses/{id}";
        var path = Assert.Single(Directory.EnumerateFiles(Server.DataPath, "*.log", SearchOption.AllDirectories));
        var whole = await File.ReadAllTextAsync(path);
        (HttpMethod, string, string?)[] requests =
        [
            (HttpMethod.Get, route, null), (HttpMethod.Get, $"{route}?stream=true", null), (HttpMethod.Get, $"{route}/input_items", null), (HttpMethod.Post, $"{route}/cancel", null),
            (HttpMethod.Post, "api/v1/responses", $$"""{"model":"fake:model","input":"More","previous_response_id":"{{id}}"}"""),
        ];
        var count = 0;
        foreach (var (at, log) in DamagesOf(whole))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, log);
            var (method, url, body) = requests[count++ % requests.Length];
            await CheckAsync(at, method, url, body);

            using var deleted = await Server.SendAsync(HttpMethod.Delete, route);
            Assert.True(deleted.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{at}: {await deleted.Content.ReadAsStringAsync()}");
            Assert.True(File.Exists(path) == (deleted.StatusCode == HttpStatusCode.NotFound), at);
        }
    }

    [Fact]
    public async Task Damaged_turn_that_waits_is_an_error_that_is_not_worth_a_retry()
    {
        Server.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}"""));
        await Server.ChatAsync("A", "turn-0001", $$""","tools":["{{GatedTools.Echo}}"]""");
        var path = Assert.Single(Directory.EnumerateFiles(Server.DataPath, "turn-0001.log", SearchOption.AllDirectories));
        var whole = await File.ReadAllTextAsync(path);
        Assert.Contains("event: parked", whole, StringComparison.Ordinal);
        (HttpMethod, string, string?)[] requests =
        [
            (HttpMethod.Post, "api/turns/turn-0001/signals", """{"type":"approve","request_id":"req_1"}"""), (HttpMethod.Get, "api/approvals", null),
            (HttpMethod.Get, "api/turns/turn-0001?format=ui-messages", null), (HttpMethod.Get, "api/turns/turn-0001?format=ag-ui", null), (HttpMethod.Delete, "api/turns/turn-0001", null),
            (HttpMethod.Get, "api/turns/turn-0001?format=responses", null), (HttpMethod.Get, "api/threads/thread-0001", null),
        ];
        var count = 0;
        foreach (var (at, log) in DamagesOf(whole))
        {
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "turn-0001.signals"))
                File.Delete(file);
            await File.WriteAllTextAsync(path, log);
            var (method, url, body) = requests[count++ % requests.Length];
            await CheckAsync(at, method, url, body);
        }
    }

    private async Task CheckAsync(string at, HttpMethod method, string url, string? body)
    {
        using var response = await Server.SendAsync(method, url, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(
            response.StatusCode < HttpStatusCode.InternalServerError
            || (text.Contains("damaged and can't be read", StringComparison.Ordinal) && !text.Contains("\"retryable\":true", StringComparison.Ordinal)),
            $"{at} {method} {url}: {response.StatusCode} {text}");
        Assert.DoesNotContain("An unexpected error occurred", text, StringComparison.Ordinal);
    }

    private static IEnumerable<(string At, string Log)> DamagesOf(string whole)
    {
        var frames = whole.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        foreach (var (index, frame) in frames.Index())
        {
            var start = index == 0 ? 0 : frame.IndexOf(Data, StringComparison.Ordinal) + Data.Length;
            foreach (var (at, json) in JsonDamage.Of(frame[start..]))
            {
                string[] damaged = [.. frames];
                damaged[index] = frame[..start] + json;
                yield return ($"{frame[..start]}{at}", string.Join("\n\n", damaged) + "\n\n");
            }
        }
    }
}
