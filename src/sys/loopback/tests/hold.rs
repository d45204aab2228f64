//! Those who only want to be in the way.

use super::*;

#[test]
fn it_works_while_two_hundred_idle_connections_are_held_open() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let connect = |_| TcpStream::connect(("127.0.0.1", port)).unwrap();
        let idle: Vec<_> = (0..200).map(connect).collect();
        assert_eq!(status(&finish(port)), 200);
        drop(idle);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn it_works_while_two_hundred_requests_are_left_unfinished() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let begin = |_| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            drop(stream.write_all(b"GET /callback?code="));
            stream
        };
        let held: Vec<_> = (0..200).map(begin).collect();
        assert_eq!(status(&finish(port)), 200);
        drop(held);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn the_oldest_idle_connection_makes_room_at_once() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let clock = SystemClock::new();
        let connect = |_| TcpStream::connect(("127.0.0.1", port)).unwrap();
        let mut idle: Vec<_> = (0..40).map(connect).collect();
        // Put out, either by an end or by a reset.
        idle[0].set_read_timeout(Some(ENOUGH)).unwrap();
        assert!(matches!(idle[0].read(&mut [0]), Ok(0) | Err(_)));
        assert!(clock.elapsed() < Duration::from_millis(1500));
        assert_eq!(status(&finish(port)), 200);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn an_endless_header_is_cut_off() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(b"GET /callback HTTP/1.1\r\nX: ").unwrap();
        let block = vec![b'x'; 1 << 16];
        let sent = (0..1000).take_while(|_| stream.write_all(&block).is_ok());
        assert!(sent.count() < 1000);
        assert_eq!(status(&finish(port)), 200);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn a_silent_connection_is_hung_up_on() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, _) = session(&listener, |port| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(ENOUGH)).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        assert_eq!(status(&finish(port)), 200);
    });

    assert!(result.is_ok(), "{result:?}");
}

#[test]
fn a_request_in_pieces_is_put_together() {
    let listener = bind(LoopbackHost::V4, Accept::Get);

    let (result, judged) = session(&listener, |port| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        for byte in get(port, "/callback?code=right") {
            stream.write_all(&[byte]).unwrap();
        }
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(status(&answer), 200);
    });

    assert!(result.is_ok(), "{result:?}");
    assert_eq!(judged, ["Get code=right "]);
}

#[test]
fn the_wait_ends_at_its_deadline_under_steady_requests() {
    let listener = bind(LoopbackHost::V4, Accept::Get);
    let port = port(&listener);
    let over = AtomicBool::new(false);

    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
                    drop(stream.write_all(&get(port, "/callback?state=wrong")));
                    drop(stream.set_read_timeout(Some(Duration::from_millis(100))));
                    drop(stream.read(&mut [0; 64]));
                }
            }
        });
        let deadline = Duration::from_millis(150);
        let junk = &mut |_: &Answer| Reply::Junk { status: 400 };
        let result = listener.wait(deadline, &|| false, junk);
        over.store(true, Ordering::SeqCst);
        assert!(
            matches!(result, Err(LoopbackError::TimedOut(_))),
            "{result:?}"
        );
    });
}
