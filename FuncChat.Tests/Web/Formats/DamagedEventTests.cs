using System.Net;
using FuncChat.Engine.Models;
using FuncChat.Tests.Support;
using FuncChat.Tests.Web.Threads;

namespace FuncChat.Tests.Web.Formats;

/// <summary>Stored turns in which a field of an event is another one, so that the event is JSON still.</summary>
public sealed class DamagedEventTests : IAsyncLifetime
{
    private const string Data = "\ndata: ";
    private const string Damaged = "damaged";

    private static readonly (string Format, string End)[] Formats =
    [
        ("openai-chat", "data: [DONE]\n\n"), ("ui-messages", "data: [DONE]\n\n"), ("responses", "\"type\":\"response.completed\""), ("ag-ui", "\"type\":\"RUN_FINISHED\""),
        ("completion", "\"choices\""), ("response", "\"completed\""), ("native", "event: complete"),
    ];

    private ThreadServer Server { get; set; } = null!;

    public async Task InitializeAsync() => Server = await ThreadServer.StartAsync(settings: [("FuncChat:Limits:RequestsPerMinute", "0")]);

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task Turn_is_read_to_its_end_or_reported_as_damaged_in_each_format()
    {
        Server.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}"""), ("b", GatedTools.Steps, "{}")).Says("Done.");
        Server.Tools.Go.Set();
        await Server.ChatAsync("A", "turn-0001", $$""","tools":["{{GatedTools.Echo}}","{{GatedTools.Steps}}"]""");
        var path = Assert.Single(Directory.EnumerateFiles(Server.DataPath, "turn-0001.log", SearchOption.AllDirectories));
        var frames = (await File.ReadAllTextAsync(path)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var (wrong, count, damages) = (new List<string>(), 0, 0);
        foreach (var (index, frame) in frames.Index())
        {
            var start = index == 0 ? 0 : frame.IndexOf(Data, StringComparison.Ordinal) + Data.Length;
            foreach (var (at, json) in JsonDamage.Of(frame[start..]))
            {
                string[] damaged = [.. frames];
                damaged[index] = frame[..start] + json;
                await File.WriteAllTextAsync(path, string.Join("\n\n", damaged) + "\n\n");

                // The formats in turn.
                var (format, end) = Formats[count++ % Formats.Length];
                var found = await FollowAsync(format, end);
                damages += found == Damaged ? 1 : 0;
                if (found is not (null or Damaged))
                    wrong.Add($"{frame[..start]}{at} in {format}: {found}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(damages, count / 3, count);
    }

    // Also by clients that continue from an event, and those that only look.
    [Fact]
    public async Task Turn_with_an_event_that_has_another_id_is_reported_as_damaged_in_each_format()
    {
        Server.Model.Calls(("a", GatedTools.Echo, """{"text":"x"}""")).Says("Done.");
        await Server.ChatAsync("A", "turn-0001", $$""","tools":["{{GatedTools.Echo}}"]""");
        var path = Assert.Single(Directory.EnumerateFiles(Server.DataPath, "turn-0001.log", SearchOption.AllDirectories));
        var frames = (await File.ReadAllTextAsync(path)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        for (var index = 1; index < frames.Length; index++)
        {
            // The last event may have any id above the others.
            int[] ids = index < frames.Length - 1 ? [index - 1, index + 1, index + 20] : [1, index - 1];
            foreach (var id in ids.Where(id => id > 0 && id != index))
            {
                string[] damaged = [.. frames];
                damaged[index] = $"id: {id}{frames[index][frames[index].IndexOf('\n', StringComparison.Ordinal)..]}";
                await File.WriteAllTextAsync(path, string.Join("\n\n", damaged) + "\n\n");
                foreach (var (format, end) in Formats)
                    Assert.Equal((index, id, format, Damaged), (index, id, format, await FollowAsync(format, end)));
                Assert.Equal((index, id, Damaged), (index, id, await FollowAsync($"native&after={index - 1}", "event: complete")));
            }
        }
    }

    // Only another program can have written it. A turn of a thread that has its answer is damaged then.
    [Theory]
    [InlineData("event: delta\ndata: {\"content\":\"Late.\"}")]
    [InlineData("event: reasoning\ndata: {\"content\":\"Late.\"}")]
    public async Task Event_after_the_end_of_a_turn_is_left_out_by_each_format(string late)
    {
        Server.Model.Says("Done.");
        using (var turn = await Server.SendAsync(HttpMethod.Post, "api/chat", """{"messages":[{"role":"user","content":"A"}],"turn_id":"turn-0001"}"""))
            await turn.Content.ReadAsStringAsync();
        var path = Assert.Single(Directory.EnumerateFiles(Server.DataPath, "turn-0001.log", SearchOption.AllDirectories));
        await File.AppendAllTextAsync(path, $"id: 1000\n{late}\n\n");

        foreach (var (format, end) in Formats)
        {
            using var response = await Server.SendAsync(HttpMethod.Get, $"api/turns/turn-0001?format={format}");
            var text = await response.Content.ReadAsStringAsync();
            Assert.Contains(end, text, StringComparison.Ordinal);
            Assert.DoesNotContain("Late.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("unavailable", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    // The damage is found when the head of the response is set.
    [Fact]
    public async Task Long_turn_with_bytes_that_are_no_event_ends_with_an_error_in_each_format()
    {
        var piece = new string('x', 10_000);
        Server.Model.Answers([.. Enumerable.Range(0, 40).SelectMany(_ => (ModelChunk[])[FakeModel.Text(piece), FakeModel.Reasoning("Hm.")]), FakeModel.Finish(), FakeModel.Usage(1, 1)]);
        await Server.ChatAsync("A", "turn-0001");
        var path = Assert.Single(Directory.EnumerateFiles(Server.DataPath, "turn-0001.log", SearchOption.AllDirectories));
        var frames = (await File.ReadAllTextAsync(path)).Split("\n\n");

        // The end of the turn is found, before any page of its text is read.
        for (var index = frames.Length / 2; index < frames.Length - 3; index++)
            frames[index] = frames[index].Replace("id: ", "ix: ", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, string.Join("\n\n", frames));

        foreach (var (format, _) in Formats)
        {
            using var response = await Server.SendAsync(HttpMethod.Get, $"api/turns/turn-0001?format={format}");
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(text.Contains("damaged and can't be read", StringComparison.Ordinal) && !text.Contains("\"retryable\":true", StringComparison.Ordinal), $"{format}: …{text[^Math.Min(500, text.Length)..]}");
        }

        // The error of the native stream has an id, after which an EventSource that connects again receives nothing.
        using var native = await Server.SendAsync(HttpMethod.Get, "api/turns/turn-0001");
        var stream = await native.Content.ReadAsStringAsync();
        Assert.True(native.StatusCode == HttpStatusCode.OK, stream);
        var last = SseEvent.Parse(stream)[^1];
        Assert.Equal("error", last.Name);
        using var rest = await Server.SendAsync(HttpMethod.Get, $"api/turns/turn-0001?after={last.Id}");
        Assert.Equal(HttpStatusCode.NoContent, rest.StatusCode);
    }

    // Null if the turn was read to its end.
    private async Task<string?> FollowAsync(string format, string end)
    {
        using var response = await Server.SendAsync(HttpMethod.Get, $"api/turns/turn-0001?format={format}");
        var text = await response.Content.ReadAsStringAsync();
        if (text.Contains("damaged and can't be read", StringComparison.Ordinal) && !text.Contains("\"retryable\":true", StringComparison.Ordinal))
            return Damaged;
        return response.StatusCode == HttpStatusCode.OK && text.Contains(end, StringComparison.Ordinal) ? null : $"{response.StatusCode} {text}";
    }
}
