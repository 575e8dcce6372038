namespace FuncChat.Tools;

/// <summary>
/// A number of places for all users. Waiting users take turns: each place that becomes free goes to the user who was served longest ago, so that a user who waits
/// with one script or document is not held up by another who waits with hundreds. A user who has half of the places gets no more while another one waits who has less.
/// </summary>
public sealed class FairQueue(int places)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly LinkedList<(string User, LinkedList<TaskCompletionSource> Waiting)> _users = new();
    private readonly int _share = Math.Max(1, places / 2);
    private int _free = places;

    /// <summary>Waits for a place; <see cref="Leave"/> frees it.</summary>
    /// <param name="limit">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for until the token is cancelled.</param>
    /// <exception cref="TimeoutException">No place became free in time.</exception>
    public async Task EnterAsync(string user, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        TaskCompletionSource place;
        lock (_lock)
        {
            if (_free > 0 && _users.Count == 0)
            {
                Take(user);
                return;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            QueueOf(user).AddLast(place);
        }

        try
        {
            await place.Task.WaitAsync(limit, clock, cancellationToken);
        }
        catch (Exception) when (!TryWithdraw(user, place))
        {
            // The place came at the same moment.
            Leave(user);
            throw;
        }
    }

    public void Leave(string user)
    {
        lock (_lock)
        {
            _free++;
            if (--_running[user] == 0)
                _running.Remove(user);
            Serve();
        }
    }

    private void Take(string user)
    {
        _free--;
        _running[user] = _running.GetValueOrDefault(user) + 1;
    }

    private LinkedList<TaskCompletionSource> QueueOf(string user)
    {
        foreach (var (name, waiting) in _users)
        {
            if (name == user)
                return waiting;
        }

        return _users.AddLast((user, new LinkedList<TaskCompletionSource>())).Value.Waiting;
    }

    private void Serve()
    {
        while (_free > 0 && Next() is { } node)
        {
            var (user, waiting) = node.Value;
            var place = waiting.First!.Value;
            waiting.RemoveFirst();
            _users.Remove(node);
            if (waiting.Count > 0)
                _users.AddLast(node);
            Take(user);
            place.SetResult();
        }
    }

    /// <summary>The first in line that has less than half of the places, or else the first of all.</summary>
    private LinkedListNode<(string User, LinkedList<TaskCompletionSource> Waiting)>? Next()
    {
        for (var node = _users.First; node is not null; node = node.Next)
        {
            if (_running.GetValueOrDefault(node.Value.User) < _share)
                return node;
        }

        return _users.First;
    }

    private bool TryWithdraw(string user, TaskCompletionSource place)
    {
        lock (_lock)
        {
            for (var node = _users.First; node is not null; node = node.Next)
            {
                if (node.Value.User != user || !node.Value.Waiting.Remove(place))
                    continue;
                if (node.Value.Waiting.Count == 0)
                    _users.Remove(node);
                return true;
            }

            return false;
        }
    }
}
