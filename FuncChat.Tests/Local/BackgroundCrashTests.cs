using System.Text;
using System.Text.Json;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>A response in the background whose process is ended with SIGKILL.</summary>
public sealed class BackgroundCrashTests
{
    private const string Body = """{"model":"openai:scripted","input":"Hello","background":true}""";

    [Fact]
    public async Task Response_in_the_background_continues_in_the_next_process_without_a_follower()
    {
        using var folder = new TemporaryFolder();
        await using var upstream = await CrashUpstream.StartAsync();
        upstream.Answers.Add(answer => answer.Text("The whole ", "answer.").Ends());
        upstream.Stall("chat0", 1);
        string id;
        await using (var first = await LocalProcess.StartAsync(folder.Path, upstream.Environment))
        {
            using var response = await first.Http.PostAsync("api/v1/responses", new StringContent(Body, Encoding.UTF8, "application/json"));
            id = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
            await upstream.StalledAsync("chat0");
            await first.KillAsync();
        }

        await using var second = await LocalProcess.StartAsync(folder.Path, upstream.Environment);
        await upstream.Models.RequestAsync(1);
        await second.Http.GetStringAsync($"api/v1/responses/{id}?stream=true");
        var ended = JsonElement.Parse(await second.Http.GetStringAsync($"api/v1/responses/{id}"));

        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.Equal("The whole answer.", ended.GetProperty("output").EnumerateArray().Single().GetProperty("content")[0].GetProperty("text").GetString());
    }
}
