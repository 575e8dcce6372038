using System.Net;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Threads whose documents, or the contents of whose turns, a disk has changed.</summary>
public sealed class DamagedThreadTests : IAsyncLifetime
{
    private const string Thread = "api/threads/thread-0001";

    private ThreadServer Server { get; set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ThreadServer.StartAsync(settings: [("FuncChat:Limits:RequestsPerMinute", "0")]);
        Server.Model.Otherwise(_ => [FakeModel.Text("ok"), FakeModel.Finish(), FakeModel.Usage(1, 1)]);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task Damaged_thread_is_deleted_by_its_user_and_created_again()
    {
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("other", "turn-0009", thread: "thread-0002");
        var document = Assert.Single(FilesWith("thread.json"), path => path.Contains("thread-0001", StringComparison.Ordinal));
        var whole = await File.ReadAllTextAsync(document);
        foreach (var (at, json) in JsonDamage.Of(whole).Select(damage => (damage.At, damage.Json)).Concat([("empty", ""), ("cut", whole[..^9]), ("zeros", new string('\0', whole.Length))]))
        {
            await File.WriteAllTextAsync(document, json);

            await ExpectAsync(at, HttpMethod.Get, Thread, HttpStatusCode.OK);
            using (var list = await Server.SendAsync(HttpMethod.Get, "api/threads"))
                Assert.True(list.StatusCode == HttpStatusCode.OK && (await list.Content.ReadAsStringAsync()).Contains("thread-0002", StringComparison.Ordinal), at);
            await ExpectAsync(at, HttpMethod.Get, $"{Thread}/turns", HttpStatusCode.OK);
            using (var other = await ThreadServer.SendAsync(Server.Bob, HttpMethod.Delete, Thread))
                Assert.True(other.StatusCode == HttpStatusCode.NotFound, at);
            using (var deleted = await Server.SendAsync(HttpMethod.Delete, Thread))
                Assert.True(deleted.StatusCode == HttpStatusCode.NoContent, $"{at}: {deleted.StatusCode} {await deleted.Content.ReadAsStringAsync()}");
            Assert.False(Directory.Exists(Path.GetDirectoryName(document)), at);

            // Its id can be used again; the log of a turn whose id could not be read expires.
            foreach (var log in FilesWith("turn-0001."))
                File.Delete(log);
            Assert.Equal("complete", (await Server.ChatAsync("A", "turn-0001"))[^1].Name);
        }
    }

    [Fact]
    public async Task Logs_of_a_damaged_thread_are_deleted_with_it()
    {
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("B", "turn-0002");
        var document = Assert.Single(FilesWith("thread.json"));
        await File.WriteAllTextAsync(document, (await File.ReadAllTextAsync(document))[..^1]);

        using var deleted = await Server.SendAsync(HttpMethod.Delete, Thread, ifMatch: "\"an older one\"");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(FilesWith("turn-000"));
    }

    [Theory]
    [InlineData("See https://example.com/SHARE", true)]
    [InlineData("SHARE", false)]
    public async Task Links_of_other_users_in_the_texts_of_a_damaged_thread_stay(string title, bool isShared)
    {
        using var others = await ThreadServer.SendAsync(Server.Bob, HttpMethod.Post, "api/chat", ThreadServer.Body("B", "turn-0001"));
        await others.Content.ReadAsStringAsync();
        using var shared = await ThreadServer.SendAsync(Server.Bob, HttpMethod.Post, $"{Thread}/share", "{}");
        var share = JsonElement.Parse(await shared.Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
        await Server.ChatAsync("A", "turn-0001", thread: "thread-0002");
        var own = isShared ? await ShareAsync("own", "api/threads/thread-0002") : null;
        using var renamed = await Server.SendAsync(HttpMethod.Patch, "api/threads/thread-0002", $$"""{"title":"{{title.Replace("SHARE", share, StringComparison.Ordinal)}}"}""");
        var document = Assert.Single(FilesWith("thread.json"), path => path.Contains("thread-0002", StringComparison.Ordinal));
        await File.WriteAllTextAsync(document, (await File.ReadAllTextAsync(document))[..^1]);

        using var deleted = await Server.SendAsync(HttpMethod.Delete, "api/threads/thread-0002");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent), (renamed.StatusCode, deleted.StatusCode));
        Assert.Empty(FilesWith(own ?? "thread-0002"));
        Assert.Equal(1, (await Server.GetAsync($"api/shared/{share}")).GetProperty("turns").GetArrayLength());
    }

    [Fact]
    public async Task Damaged_content_of_one_turn_does_not_affect_the_others()
    {
        await Server.ChatAsync("A", "turn-0001");
        await Server.ChatAsync("B", "turn-0002");
        await Server.ChatAsync("C", "turn-0003");
        var content = Assert.Single(FilesWith("content_"), path => File.ReadAllText(path).Contains("\"B\"", StringComparison.Ordinal));
        var whole = await File.ReadAllTextAsync(content);
        var number = 4;
        var damaged = 0;
        foreach (var (at, json) in JsonDamage.Of(whole).Select(damage => (damage.At, damage.Json)).Concat([("empty", ""), ("cut", whole[..^9]), ("zeros", new string('\0', whole.Length))]))
        {
            await File.WriteAllTextAsync(content, json);

            var list = (await Server.GetAsync($"{Thread}/turns?events=true")).GetProperty("turns");
            var export = (await Server.GetAsync($"{Thread}/export")).GetProperty("turns");
            Assert.True(list.GetArrayLength() == export.GetArrayLength() && list[0].GetProperty("answer").GetArrayLength() == 1 && list[2].GetProperty("answer").GetArrayLength() == 1, at);
            var isDamaged = list[1].TryGetProperty("damaged", out var flag) && flag.GetBoolean();
            Assert.True(isDamaged == export[1].TryGetProperty("damaged", out _), at);

            var share = await ShareAsync(at);
            var shown = (await Server.GetAsync($"api/shared/{share}")).GetProperty("turns").EnumerateArray().Select(turn => turn.GetProperty("turn_id").GetString());
            if (isDamaged)
                Assert.True(shown.SequenceEqual(["turn-0001", "turn-0003"]), at);
            using var chat = await Server.SendAsync(HttpMethod.Post, "api/chat", ThreadServer.Body("D", $"turn-{++number:D4}", ""","parent_turn_id":"turn-0003" """));
            var answer = await chat.Content.ReadAsStringAsync();
            if (isDamaged)
            {
                damaged++;
                Assert.True(chat.StatusCode == HttpStatusCode.InternalServerError && answer.Contains("turn-0002", StringComparison.Ordinal) && !answer.Contains("\"retryable\":true", StringComparison.Ordinal), $"{at}: {answer}");
            }
            else if (chat.StatusCode == HttpStatusCode.BadRequest)
            {
                // A field that no message has.
                Assert.Contains("$.thread_id", answer, StringComparison.Ordinal);
            }
            else
            {
                Assert.True(chat.StatusCode == HttpStatusCode.OK && answer.Contains("event: complete", StringComparison.Ordinal), $"{at}: {answer}");
                await ExpectAsync(at, HttpMethod.Delete, $"{Thread}/turns/turn-{number:D4}", HttpStatusCode.NoContent);
            }
        }

        Assert.InRange(damaged, 10, number);
        Assert.Equal("complete", (await Server.ChatAsync("D", "turn-0999", ""","parent_turn_id":"turn-0001" """))[^1].Name);
        using var deleted = await Server.SendAsync(HttpMethod.Delete, $"{Thread}/turns/turn-0002");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    private async Task<string?> ShareAsync(string at, string thread = Thread)
    {
        using var response = await Server.SendAsync(HttpMethod.Post, $"{thread}/share", "{}");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{at}: {text}");
        return JsonElement.Parse(text).GetProperty("id").GetString();
    }

    // Or an error that is not worth a retry.
    private async Task ExpectAsync(string at, HttpMethod method, string path, HttpStatusCode status)
    {
        using var response = await Server.SendAsync(method, path);
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != status)
            Assert.True(response.StatusCode == HttpStatusCode.InternalServerError && text.Contains("damaged", StringComparison.Ordinal) && !text.Contains("\"retryable\":true", StringComparison.Ordinal), $"{at} {path}: {text}");
    }

    private IEnumerable<string> FilesWith(string name) =>
        Directory.EnumerateFiles(Server.DataPath, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Contains(name, StringComparison.Ordinal));
}
