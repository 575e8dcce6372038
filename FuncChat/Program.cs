using System.Runtime.InteropServices;
using FuncChat;
using FuncChat.Web;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

SocketCompletions.RunInline();

// As shells report a process that a signal ended. After a worker that exited with 0, the host starts no other one, and answers no request.
var exitCode = 0;
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => exitCode = 143);

try
{
    using var app = await Worker.BuildAsync(args);
    try
    {
        await app.StartAsync();
    }
    catch (Exception) when (exitCode > 0)
    {
        // The signal came while the worker started, which failed then.
        return exitCode;
    }

    await app.WaitForShutdownAsync();
    return exitCode;
}
catch (OptionsValidationException wrong)
{
    return wrong.Print();
}
