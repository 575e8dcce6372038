using FuncChat.Local;
using FuncChat.Web;
using Microsoft.Extensions.Options;

SocketCompletions.RunInline();

if (CommandLine.AsksForHelp(args))
{
    Console.Write(CommandLine.Help);
    return 0;
}

using var stop = new StopSignal();

try
{
    await using var app = await LocalApp.BuildAsync(args);
    app.Lifetime.ApplicationStarted.Register(() => app.ReportReady());
    stop.Started(app);
    await app.ListenAsync();
    await app.WaitForShutdownAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    return wrong.Print();
}
