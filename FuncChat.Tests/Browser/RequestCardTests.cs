using System.Text.Json;
using FuncChat.Tests.Mcp;
using FuncChat.Tests.Support;
using Microsoft.Playwright;
using ModelContextProtocol.Protocol;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>The cards of approvals and questions, with tools of an MCP server: on a desktop and on a phone.</summary>
[Trait("Category", "Browser")]
public sealed class RequestCardTests(Chrome chrome) : IClassFixture<Chrome>, IAsyncLifetime
{
    private const int Phone = 375;
    private const string Approval = "Approve this call: Mail send?";
    private const string Question = "The tool has a question";

    private readonly List<string> _sent = [];
    private readonly List<string> _answered = [];
    private ScriptedModelServer _model = null!;
    private ScriptedMcpServer _mcp = null!;
    private PageServer _server = null!;

    public async Task InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync();
        _mcp = await ScriptedMcpServer.StartAsync();
        _mcp.On("send", (context, _) =>
        {
            _sent.Add(JsonSerializer.Serialize(context.Params!.Arguments));
            return new(ScriptedMcpServer.Text("Sent."));
        }, """{"type":"object","properties":{"to":{"type":"string"},"copies":{"type":"integer"}},"required":["to"]}""");
        _mcp.On("book", (context, _) =>
        {
            if (context.Params!.InputResponses is not { } answers)
                throw new InputRequiredException(new Dictionary<string, InputRequest> { ["room"] = InputRequest.ForElicitation(RoomForm()) }, "state");
            _answered.Add(answers["room"].RawValue.GetRawText());
            return new(ScriptedMcpServer.Text("Booked."));
        }, annotations: new ToolAnnotations { ReadOnlyHint = true });
        _mcp.On("pay", (context, _) => context.Params!.InputResponses is { } answers
            ? new(ScriptedMcpServer.Text(answers["page"].RawValue.GetRawText()))
            : throw new InputRequiredException(
                new Dictionary<string, InputRequest>
                {
                    ["page"] = InputRequest.ForElicitation(new ElicitRequestParams { Mode = "url", ElicitationId = "1", Url = "https://pay.example.com/orders/7", Message = "Pay." }),
                },
                "state"), annotations: new ToolAnnotations { ReadOnlyHint = true });
        _server = await PageServer.StartAsync(
            ("FuncChat__Providers__scripted__Url", _model.BaseUrl), ("FuncChat__Providers__scripted__Models", "actor"),
            ("FuncChat__Mcp__Servers__mail__Url", _mcp.Url.AbsoluteUri), ("FuncChat__Mcp__Servers__gone__Url", "http://127.0.0.1:9/mcp"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _mcp.DisposeAsync();
        await _model.DisposeAsync();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(Phone)]
    public async Task Call_runs_once_the_user_has_approved_it(int width)
    {
        await using var page = await chrome.OpenAsync(_server.Address, width: width);
        _model.Calls(("mail__send", """{"to":"Bo"}""")).Says("Your mail is on its way.");
        await page.SayAsync("Send mail to Bo.");
        var card = page.Region(Approval);
        await Expect(card).ToBeVisibleAsync();
        await Expect(card).ToContainTextAsync("Bo");
        await ScreenshotAsync(page, $"approval-{width}");
        Assert.Empty(_sent);
        Assert.Equal(0, await page.OverflowAsync());
        Assert.Empty(await page.AxeAsync());

        await card.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Your mail is on its way.");
        await Expect(card).ToBeHiddenAsync();
        Assert.Equal(["""{"to":"Bo"}"""], _sent);
    }

    [Fact]
    public async Task Call_runs_with_the_arguments_that_the_user_edited()
    {
        await using var page = await chrome.OpenAsync(_server.Address);
        _model.Calls(("mail__send", """{"to":"Bo"}""")).Says("Sent to Ada.");
        await page.SayAsync("Send mail to Bo.");
        var card = page.Region(Approval);
        await card.GetByRole(AriaRole.Button, new() { Name = "Edit arguments" }).ClickAsync();
        var editor = card.GetByRole(AriaRole.Textbox, new() { Name = "Edit arguments" });

        await editor.FillAsync("{");
        await Expect(card.GetByRole(AriaRole.Alert)).ToHaveTextAsync("This is not a JSON object.");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true })).ToBeDisabledAsync();
        await editor.FillAsync("""{"to":"Ada"}""");
        await ScreenshotAsync(page, "approval-edit");
        await card.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Sent to Ada.");
        Assert.Equal(["""{"to":"Ada"}"""], _sent);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(Phone)]
    public async Task Nothing_of_the_arguments_is_out_of_sight_to_the_right(int width)
    {
        await using var page = await chrome.OpenAsync(_server.Address, width: width);
        var padding = new string('x', 300);
        _model.Calls(("mail__send", $$"""{"to":"{{padding}}","name_{{padding}}":["{{padding}}"],"code":"ok() // {{padding}}{{new string(' ', 300)}}\nsteal()"}"""));
        await page.SayAsync("Send mail to Bo.");
        var card = page.Region(Approval);
        await Expect(card.Locator("pre")).ToContainTextAsync("steal()");

        await ScreenshotAsync(page, $"approval-wide-{width}");
        Assert.Equal(0, await card.EvaluateAsync<int>("card => Math.max(...[card, ...card.querySelectorAll('*')].map(part => part.scrollWidth - part.clientWidth))"));
    }

    [Fact]
    public async Task Call_runs_with_the_numbers_that_the_card_shows()
    {
        await using var page = await chrome.OpenAsync(_server.Address);
        _model.Calls(("mail__send", """{"to":"Bo","account":9007199254740993,"amount":1.0,"copies":"2"}""")).Says("Sent to Ada.");
        await page.SayAsync("Send mail to Bo.");
        var card = page.Region(Approval);
        await Expect(card.GetByRole(AriaRole.Definition)).ToHaveTextAsync(["Bo", "9007199254740993", "1.0", "2"]);
        await card.GetByRole(AriaRole.Button, new() { Name = "Edit arguments" }).ClickAsync();
        var editor = card.GetByRole(AriaRole.Textbox, new() { Name = "Edit arguments" });

        await editor.FillAsync((await editor.InputValueAsync()).Replace("Bo", "Ada", StringComparison.Ordinal));
        await card.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Sent to Ada.");
        Assert.Equal(["""{"to":"Ada","account":9007199254740993,"amount":1.0,"copies":2}"""], _sent);
    }

    [Fact]
    public async Task Reason_of_a_denied_call_reaches_the_model()
    {
        await using var page = await chrome.OpenAsync(_server.Address, width: Phone);
        _model.Calls(("mail__send", """{"to":"Bo"}""")).Says("Then I won't.");
        await page.SayAsync("Send mail to Bo.");
        var card = page.Region(Approval);

        await card.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await card.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("Bo is on holiday.");
        await ScreenshotAsync(page, "approval-deny");
        await card.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Then I won't.");
        var denied = page.Answer.GetByRole(AriaRole.Group, new() { Name = "Tool Mail send: Denied" });
        await Expect(denied.Locator("summary")).ToHaveTextAsync("✗Mail send BoDenied");
        await ScreenshotAsync(page, "approval-denied");
        Assert.Empty(_sent);
        Assert.Contains("Bo is on holiday.", _model.Requests[^1].BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_that_is_approved_for_the_chat_asks_no_more_in_it()
    {
        await using var page = await chrome.OpenAsync(_server.Address);
        _model.Calls(("mail__send", """{"to":"Bo"}""")).Says("The first is sent.").Calls(("mail__send", """{"to":"Ada"}""")).Says("The second is sent.");
        await page.SayAsync("Send mail to Bo.");

        await page.Region(Approval).GetByRole(AriaRole.Button, new() { Name = "Always in this chat" }).ClickAsync();
        await Expect(page.Answer).ToContainTextAsync("The first is sent.");
        await page.SayAsync("And to Ada.");

        await Expect(page.Answer).ToContainTextAsync("The second is sent.");
        Assert.Equal(["""{"to":"Bo"}""", """{"to":"Ada"}"""], _sent);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(Phone)]
    public async Task Question_of_a_server_is_a_form_whose_answer_reaches_it(int width)
    {
        await using var page = await chrome.OpenAsync(_server.Address, width: width);
        _model.Calls(("mail__book", "{}")).Says("Your room is booked.");
        await page.SayAsync("Book a room.");
        var card = page.Region(Question);
        await Expect(card).ToContainTextAsync("The MCP server 'mail' asks: Which room?");
        await Expect(page.Answer.GetByRole(AriaRole.Group, new() { Name = "Tool Mail book: Waiting for you" })).ToBeVisibleAsync();
        await card.GetByLabel("Guest").FillAsync("Ada");
        await card.GetByLabel("Bed").SelectOptionAsync("Two beds");
        await card.GetByLabel("Nights").FillAsync("3");
        await card.GetByLabel("Breakfast").CheckAsync();
        await card.GetByLabel("Garden").CheckAsync();
        await ScreenshotAsync(page, $"question-{width}");
        Assert.Equal(0, await page.OverflowAsync());
        Assert.Empty(await page.AxeAsync());

        await card.GetByRole(AriaRole.Button, new() { Name = "Send answer" }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Your room is booked.");
        Assert.Equal(
            ["""{"action":"accept","content":{"guest":"Ada","bed":"two","nights":3,"breakfast":true,"views":["garden"]}}"""], _answered);
    }

    [Fact]
    public async Task Question_that_the_user_does_not_answer_is_declined()
    {
        await using var page = await chrome.OpenAsync(_server.Address);
        _model.Calls(("mail__book", "{}")).Says("No room then.");
        await page.SayAsync("Book a room.");

        await page.Region(Question).GetByRole(AriaRole.Button, new() { Name = "Do not answer" }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("No room then.");
        Assert.Equal(["""{"action":"decline"}"""], _answered);
    }

    [Fact]
    public async Task Card_is_there_again_after_a_reload_and_its_answer_continues_the_turn()
    {
        await using var page = await chrome.OpenAsync(_server.Address);
        _model.Calls(("mail__send", """{"to":"Bo"}""")).Says("Sent after the reload.");
        await page.SayAsync("Send mail to Bo.");
        await Expect(page.Region(Approval)).ToBeVisibleAsync();

        await page.ReloadAsync();
        await page.Region(Approval).GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Sent after the reload.");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(Phone)]
    public async Task Page_that_a_server_asks_for_is_a_link_and_the_turn_continues_once_the_user_is_done(int width)
    {
        await using var page = await chrome.OpenAsync(_server.Address, width: width);
        _model.Calls(("mail__pay", "{}")).Says("Paid.");
        await page.SayAsync("Pay for the order.");

        var card = page.Region("The tool asks you to do something");
        await Expect(card.GetByRole(AriaRole.Link, new() { Name = "Continue at pay.example.com" })).ToHaveAttributeAsync("href", "https://pay.example.com/orders/7");
        await Expect(card.GetByText("https://pay.example.com/orders/7")).ToBeVisibleAsync();
        Assert.Empty(await page.AxeAsync());
        await card.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        await Expect(page.Answer).ToContainTextAsync("Paid.");
        Assert.Single(page.Page.Context.Pages);
    }

    [Fact]
    public async Task Settings_list_the_tool_servers_with_their_state()
    {
        await using var page = await chrome.OpenAsync(_server.Address, width: Phone);

        await page.PressButtonAsync("Settings");

        var servers = page.Dialog.GetByRole(AriaRole.List, new() { Name = "Tool servers" }).GetByRole(AriaRole.Listitem);
        await Expect(servers).ToHaveTextAsync(["goneUnavailable", "mailAvailable"]);
        await servers.First.ScrollIntoViewIfNeededAsync();
        await ScreenshotAsync(page, "tool-servers");
    }

    private static ElicitRequestParams RoomForm() => new()
    {
        Message = "Which room?",
        RequestedSchema = new()
        {
            Properties =
            {
                ["guest"] = new ElicitRequestParams.StringSchema { Title = "Guest", Description = "The name for the door." },
                ["bed"] = new ElicitRequestParams.TitledSingleSelectEnumSchema
                {
                    Title = "Bed", OneOf = [new() { Const = "one", Title = "One bed" }, new() { Const = "two", Title = "Two beds" }],
                },
                ["nights"] = new ElicitRequestParams.NumberSchema { Title = "Nights", Type = "integer", Minimum = 1 },
                ["breakfast"] = new ElicitRequestParams.BooleanSchema { Title = "Breakfast" },
                ["views"] = new ElicitRequestParams.TitledMultiSelectEnumSchema
                {
                    Title = "Views", Items = new() { AnyOf = [new() { Const = "sea", Title = "Sea" }, new() { Const = "garden", Title = "Garden" }] },
                },
            },
            Required = ["guest", "bed"],
        },
    };

    /// <summary>Saves a picture for a person to look at, if a folder for pictures is set.</summary>
    private static async Task ScreenshotAsync(ChatPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
