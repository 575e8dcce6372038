using System.Diagnostics;
using FuncChat.Tests.Support;

namespace FuncChat.Tests.Examples;

public sealed class ConsoleExampleTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = new();
    private LocalServer _server = null!;
    private TcpRelay _relay = null!;

    public async Task InitializeAsync()
    {
        _server = await LocalServer.StartAsync(_folder.Path, _model.Catalog);
        _relay = new TcpRelay(_server.Http.BaseAddress!);
    }

    public async Task DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Client_resumes_after_a_lost_connection_and_remembers_the_conversation()
    {
        var feed = new ModelFeed();
        _model.Plays(feed).Says("Again.");
        using var client = Start();
        var output = new GrowingText();
        var reading = ReadAsync(client.StandardOutput, output);
        await client.StandardInput.WriteLineAsync("Hello");
        feed.Give(FakeModel.Text("Half an "));
        await output.UntilAsync(text => text.Contains("Half an ", StringComparison.Ordinal), reading, "Half an ");

        _relay.Cut();
        feed.Give(FakeModel.Text("answer."));
        feed.End();
        await output.UntilAsync(text => text.EndsWith("answer.\n> ", StringComparison.Ordinal), reading, "answer.");
        await client.StandardInput.WriteLineAsync("And again?");
        client.StandardInput.Close();

        await reading;
        Assert.Equal("> Half an answer.\n> Again.\n> ", output.Text);
        Assert.Equal(["user", "assistant", "user"], _model.Requests[1].Messages.Select(message => JsonElementOf(message).GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Client_prints_an_error_of_the_server()
    {
        using var client = Start("Hello");

        // The script of the model is empty.
        Assert.Contains("An unexpected error occurred on the server.", await client.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static System.Text.Json.JsonElement JsonElementOf(ReadOnlyMemory<byte> json) => System.Text.Json.JsonElement.Parse(json.Span);

    private static async Task ReadAsync(StreamReader source, GrowingText output)
    {
        var buffer = new char[1024];
        while (await source.ReadAsync(buffer) is var count and > 0)
            output.Add(new string(buffer, 0, count).ReplaceLineEndings("\n"));
    }

    private Process Start(params string[] question)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "FuncChat.Examples.Console.dll"), .. question])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["FUNCCHAT_URL"] = _relay.Address.ToString();
        return Process.Start(start)!;
    }
}
