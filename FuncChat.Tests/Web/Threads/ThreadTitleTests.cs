using FuncChat.Tests.Support;

namespace FuncChat.Tests.Web.Threads;

/// <summary>Titles of threads, over HTTP.</summary>
public sealed class ThreadTitleTests
{
    [Fact]
    public async Task Title_is_written_by_the_model_that_the_settings_name()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Threads:TitleModel", FakeModel.Name)]);
        server.Model.Says("The tide rises twice a day.").Says("\"Tides of the sea.\"");

        await server.ChatAsync("When does the tide rise?", "turn-0001");

        Assert.Equal("Tides of the sea", (await server.GetAsync("api/threads/thread-0001")).GetProperty("title").GetString());
        Assert.True((await server.GetAsync("api/usage")).GetProperty("tokens_per_day").GetProperty("used").GetInt64() >= 30);
    }

    [Fact]
    public async Task Title_stays_the_first_line_when_the_settings_name_no_model()
    {
        await using var server = await ThreadServer.StartAsync(settings: [("FuncChat:Threads:TitleModel", "none")]);
        server.Model.Says("The tide rises twice a day.");

        await server.ChatAsync("When does the tide rise?", "turn-0001");

        Assert.Equal("When does the tide rise?", (await server.GetAsync("api/threads/thread-0001")).GetProperty("title").GetString());
        Assert.Single(server.Model.Requests);
    }
}
